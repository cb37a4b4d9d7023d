"""What Excel reads of the pane before it opens: the XML manifest with its shared runtime, and the unified one in JSON.

Both come from the tab of `macros/customUI14.xml`; an address is all that differs between two offices.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from poa_xl.addin.tab import Button, Group
from poa_xl.books.xml import escape, quoteattr
from poa_xl.web.buttons import offered
from poa_xl.web.captions import LANGUAGES, LOCALES, caption
from poa_xl.web.functions import NAMESPACE

# The same in every office, so that a new version replaces the one before. Two, because Excel takes a manifest of either
# kind for another add-in.
XML_ID, JSON_ID = "5a0f7a52-3c39-4d53-9f59-7a1f0c1c6a31", "0c9e1f0e-8a53-4d07-bb3c-2f4a86c0b7d4"
SIZES = (16, 32, 80)
_NAME = "POA"
ABOUT = "El plan operativo anual en orden, dentro del libro de siempre: presupuestos, metas y hallazgos."
FULL, SHORT = "POA: el plan operativo anual en orden", "El plan operativo anual en orden"
STARTED = "El complemento está listo: la pestaña POA tiene los botones y el panel."
_PANEL, _PANEL_TIP = "Panel", "Abre el panel: hallazgos, qué pasa y qué hacer, unidades, guía."
_SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json"


@dataclass
class _Resources:
    """The texts and addresses that an XML manifest keeps apart and names by a short id."""

    images: dict[str, str] = field(default_factory=dict)
    urls: dict[str, dict[str, str]] = field(default_factory=dict)
    short: dict[str, str] = field(default_factory=dict)
    long: dict[str, str] = field(default_factory=dict)


def tab(groups: Sequence[Group]) -> list[Group]:
    """Return the groups of the tab with the buttons that the pane has, in front the one that opens it."""
    names = offered()
    found = [Group(each.name, each.caption, tuple(b for b in each.buttons if b.name in names)) for each in groups]
    panel = Group("poaGrupoPanel", _PANEL, (Button("panel", _PANEL, "Abre el panel del POA", _PANEL_TIP),))
    return [panel, *(each for each in found if each.buttons)]


def xml(groups: Sequence[Group], url: str, version: str) -> str:
    """Write the XML manifest.

    Args:
        groups: The tab.
        url: Where the site is, without a slash at the end.
        version: Version of poa-xl.
    """
    kept = _Resources()
    for name, page in (("Poa.Pane", "pane.html"), ("Poa.Script", "pane.js"), ("Poa.Guide", "guia.html")):
        kept.urls[name] = {"": f"{url}/{page}"}
    kept.urls["Poa.Functions"] = {
        "": f"{url}/functions.json",
        **{locale: f"{url}/functions.{language}.json" for language, locale in LOCALES.items()},
    }
    kept.short |= {"Poa.Space": NAMESPACE, "Poa.Tab": _NAME, "Poa.Started": "POA"}
    kept.long["Poa.StartedMore"] = STARTED
    drawn = "".join(_xml_group(each, url, kept) for each in tab(groups))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OfficeApp xmlns="http://schemas.microsoft.com/office/appforoffice/1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bt="http://schemas.microsoft.com/office/officeappbasictypes/1.0" xsi:type="TaskPaneApp">
<Id>{XML_ID}</Id>
<Version>{_four(version)}</Version>
<ProviderName>poa-xl</ProviderName>
<DefaultLocale>es-ES</DefaultLocale>
<DisplayName DefaultValue={quoteattr(_NAME)}/>
<Description DefaultValue={quoteattr(ABOUT)}>{_override(ABOUT)}</Description>
<IconUrl DefaultValue="{url}/icons/poa-32.png"/>
<HighResolutionIconUrl DefaultValue="{url}/icons/poa-64.png"/>
<SupportUrl DefaultValue="{url}/guia.html"/>
<Hosts><Host Name="Workbook"/></Hosts>
<Requirements><Sets DefaultMinVersion="1.1"><Set Name="SharedRuntime" MinVersion="1.1"/><Set Name="ExcelApi" MinVersion="1.13"/></Sets></Requirements>
<DefaultSettings><SourceLocation DefaultValue="{url}/pane.html"/></DefaultSettings>
<Permissions>ReadWriteDocument</Permissions>
<VersionOverrides xmlns="http://schemas.microsoft.com/office/taskpaneappversionoverrides" xsi:type="VersionOverridesV1_0">
<Hosts><Host xsi:type="Workbook">
<Runtimes><Runtime resid="Poa.Pane" lifetime="long"/></Runtimes>
<AllFormFactors><ExtensionPoint xsi:type="CustomFunctions"><Script><SourceLocation resid="Poa.Script"/></Script><Page><SourceLocation resid="Poa.Pane"/></Page><Metadata><SourceLocation resid="Poa.Functions"/></Metadata><Namespace resid="Poa.Space"/></ExtensionPoint></AllFormFactors>
<DesktopFormFactor>
<GetStarted><Title resid="Poa.Started"/><Description resid="Poa.StartedMore"/><LearnMoreUrl resid="Poa.Guide"/></GetStarted>
<FunctionFile resid="Poa.Pane"/>
<ExtensionPoint xsi:type="PrimaryCommandSurface"><CustomTab id="Poa.TabPoa">
{drawn}<Label resid="Poa.Tab"/>
</CustomTab></ExtensionPoint>
</DesktopFormFactor>
</Host></Hosts>
<Resources>
<bt:Images>{"".join(f'<bt:Image id="{name}" DefaultValue={quoteattr(text)}/>' for name, text in kept.images.items())}</bt:Images>
<bt:Urls>{"".join(_xml_url(name, texts) for name, texts in kept.urls.items())}</bt:Urls>
<bt:ShortStrings>{"".join(_xml_text(name, text) for name, text in kept.short.items())}</bt:ShortStrings>
<bt:LongStrings>{"".join(_xml_text(name, text) for name, text in kept.long.items())}</bt:LongStrings>
</Resources>
</VersionOverrides>
</OfficeApp>
"""


def _xml_group(group: Group, url: str, kept: _Resources) -> str:
    kept.short[f"{group.name}.L"] = group.caption
    controls = "".join(_xml_button(each, url, kept) for each in group.buttons)
    return (
        f'<Group id="{group.name}"><Label resid="{group.name}.L"/>{_xml_icon("poa", url, kept)}\n{controls}</Group>\n'
    )


def _xml_button(each: Button, url: str, kept: _Resources) -> str:
    name = f"b.{each.name}"
    kept.short |= {f"{name}.L": each.caption, f"{name}.T": each.tip}
    kept.long[f"{name}.D"] = each.more
    icon = _xml_icon("poa" if each.name == "panel" else each.name, url, kept)
    action = (
        '<Action xsi:type="ShowTaskpane"><SourceLocation resid="Poa.Pane"/></Action>'
        if each.name == "panel"
        else f'<Action xsi:type="ExecuteFunction"><FunctionName>{each.name}</FunctionName></Action>'
    )
    return (
        f'<Control xsi:type="Button" id="Poa.{each.name}"><Label resid="{name}.L"/><Supertip><Title resid="{name}.T"/>'
        f'<Description resid="{name}.D"/></Supertip>{icon}{action}</Control>\n'
    )


def _xml_icon(name: str, url: str, kept: _Resources) -> str:
    kept.images |= {f"i.{name}.{size}": f"{url}/icons/{name}-{size}.png" for size in SIZES}
    images = "".join(f'<bt:Image size="{size}" resid="i.{name}.{size}"/>' for size in SIZES)
    return f"<Icon>{images}</Icon>"


def _xml_url(name: str, texts: dict[str, str]) -> str:
    overrides = "".join(f'<bt:Override Locale="{locale}" Value="{text}"/>' for locale, text in texts.items() if locale)
    return f'<bt:Url id="{name}" DefaultValue="{texts[""]}">{overrides}</bt:Url>'


def _xml_text(name: str, text: str) -> str:
    return f'<bt:String id="{name}" DefaultValue={quoteattr(text)}>{_override(text, "bt:Override")}</bt:String>'


def _override(text: str, tag: str = "Override") -> str:
    return "".join(
        f'<{tag} Locale="{locale}" Value={quoteattr(caption(text, language))}/>' for language, locale in LOCALES.items()
    )


def _four(version: str) -> str:
    """Return a version as Excel wants it: four numbers, from 1 on."""
    major, minor, patch = [*version.split("."), "0", "0"][:3]
    return f"1.{escape(major)}.{escape(minor)}.{escape(patch)}"


def unified(groups: Sequence[Group], url: str, version: str) -> dict[str, str]:
    """Write the unified manifest: its file and one for each other language, by name."""
    drawn = [_json_group(each, url) for each in tab(groups)]
    told: dict[str, Any] = {
        "$schema": _SCHEMA,
        "manifestVersion": "1.30",
        "version": version,
        "id": JSON_ID,
        "localizationInfo": {
            "defaultLanguageTag": "es",
            "additionalLanguages": [{"languageTag": each, "file": f"{each}.json"} for each in LOCALES],
        },
        "developer": {
            "name": "poa-xl",
            "websiteUrl": f"{url}/guia.html",
            "privacyUrl": f"{url}/privacidad.html",
            "termsOfUseUrl": f"{url}/LICENCIAS.txt",
        },
        "name": {"short": _NAME, "full": FULL},
        "description": {"short": SHORT, "full": ABOUT},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#0F548C",
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": "Document.ReadWrite.User", "type": "Delegated"}]}
        },
        "extensions": [
            {
                "requirements": {
                    "scopes": ["workbook"],
                    "capabilities": [
                        {"name": "SharedRuntime", "minVersion": "1.1"},
                        {"name": "ExcelApi", "minVersion": "1.13"},
                    ],
                },
                "runtimes": [
                    {
                        "id": "poa",
                        "type": "general",
                        "lifetime": "long",
                        "code": {"page": f"{url}/pane.html"},
                        "actions": [{"id": "panel", "type": "openPage", "view": "panel"}]
                        + [{"id": name, "type": "executeFunction"} for name in offered()],
                        "customFunctions": {
                            "namespace": {"id": NAMESPACE, "name": NAMESPACE},
                            "metadataUrl": f"{url}/functions.json",
                        },
                    }
                ],
                "ribbons": [{"contexts": ["default"], "tabs": [{"id": "poaTab", "label": _NAME, "groups": drawn}]}],
            }
        ],
    }
    return {"manifest.json": _json(told), **{f"{each}.json": _localized(told, url, each) for each in LOCALES}}


def _localized(told: dict[str, Any], url: str, language: str) -> str:
    return _json(
        {
            "$schema": _SCHEMA.replace("MicrosoftTeams.schema", "MicrosoftTeams.Localization.schema"),
            **{place: caption(text, language) for place, text in _texts(told)},
            # The files of functions stand beside each other, one for each language.
            "extensions[0].runtimes[0].customFunctions.metadataUrl": f"{url}/functions.{language}.json",
        }
    )


def _json_group(group: Group, url: str) -> dict[str, Any]:
    controls = [
        {
            "id": f"poa.{each.name}",
            "type": "button",
            "label": each.caption,
            "icons": _json_icons("poa" if each.name == "panel" else each.name, url),
            "supertip": {"title": each.tip, "description": each.more},
            "actionId": each.name,
        }
        for each in group.buttons
    ]
    return {"id": group.name, "label": group.caption, "icons": _json_icons("poa", url), "controls": controls}


def _json_icons(name: str, url: str) -> list[dict[str, Any]]:
    return [{"size": size, "url": f"{url}/icons/{name}-{size}.png"} for size in SIZES]


def _texts(told: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Return what people read of a unified manifest, by the path under which another language has it."""
    for place in ("short", "full"):
        yield f"name.{place}", told["name"][place]
        yield f"description.{place}", told["description"][place]
    for i, group in enumerate(told["extensions"][0]["ribbons"][0]["tabs"][0]["groups"]):
        path = f"extensions[0].ribbons[0].tabs[0].groups[{i}]"
        yield f"{path}.label", group["label"]
        for j, control in enumerate(group["controls"]):
            yield f"{path}.controls[{j}].label", control["label"]
            yield f"{path}.controls[{j}].supertip.title", control["supertip"]["title"]
            yield f"{path}.controls[{j}].supertip.description", control["supertip"]["description"]


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1)


def buttons(groups: Sequence[Group]) -> str:
    """Write the tab for the pane itself, where the same buttons stand, in each language."""
    return _json(
        {
            language: [
                {
                    "caption": caption(group.caption, language),
                    "buttons": [
                        {
                            "name": each.name,
                            "caption": caption(each.caption, language),
                            "tip": caption(each.tip, language),
                        }
                        for each in group.buttons
                    ],
                }
                for group in tab(groups)[1:]
            ]
            for language in LANGUAGES
        }
    )
