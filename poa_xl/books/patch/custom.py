"""The custom properties of a workbook."""

from collections.abc import Mapping

from poa_xl.books.package import Package
from poa_xl.books.patch import containers, spans
from poa_xl.books.patch.members import rewrite
from poa_xl.books.xml import escape, quoteattr

_TYPES = "[Content_Types].xml"
_CUSTOM = "custom-properties"
# Where a new part with custom properties is told of.
_DECLARED = (
    (_TYPES, "Override", f'PartName="/{{}}" ContentType="application/vnd.openxmlformats-officedocument.{_CUSTOM}+xml"'),
    (
        "_rels/.rels",
        "Relationship",
        f'Id="rIdPoaCustom" Target="{{}}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{_CUSTOM}"',
    ),
)


def with_properties(data: bytes, name: str, properties: Mapping[str, str]) -> bytes:
    """Return a workbook whose custom properties are these."""
    package = Package(data, name)
    part = next(iter(package.related("", "custom-properties").values()), "docProps/custom.xml")
    listed = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name={quoteattr(key)}>'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (key, value) in enumerate(properties.items(), 2)
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{listed}</Properties>"
    )
    changed = {package.member(part): xml.encode()}
    for member, name_of, line in _DECLARED if not package.has(part) else ():
        text = spans.as_utf8(package.read(member), member)
        root = spans.read(text, member)
        changed[package.member(member)] = spans.apply(
            text, [containers.into(text, root, f"<{root.prefix}{name_of} {line.format(part)}/>")]
        )
    return rewrite(data, name, changed)
