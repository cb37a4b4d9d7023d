// Comes before office.js: which scripts this page may load by an address made in a script, and that texts never become HTML.
(() => {
  const OFFICE = "https://appsforoffice.microsoft.com/";
  const allowed = (text) => {
    const { href, origin } = new URL(text, document.baseURI);
    return origin === location.origin || href.startsWith(OFFICE) ? href : null;
  };
  if (window.trustedTypes?.createPolicy) window.trustedTypes.createPolicy("default", { createScriptURL: allowed, createHTML: () => null, createScript: () => null });
})();
