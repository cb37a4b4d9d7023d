// The real client of Office.js, as it is in npm @microsoft/office-js, in Node: `Excel` with a host of ours behind it.

import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";

const CLIENT = path.join(import.meta.dirname, "../node_modules/@microsoft/office-js/dist/excel-web-16.00.js");

// As little of a page as the client asks for when it loads.
export function loadExcel() {
  const nothing = () => undefined;
  const element = () => ({ style: {}, setAttribute: nothing, appendChild: nothing });
  const location = { href: "https://oficina.example/", search: "", hash: "", host: "oficina.example", protocol: "https:", pathname: "/", origin: "https://oficina.example" };
  const storage = { getItem: () => null, setItem: nothing };
  const document = { getElementsByTagName: () => [], createElement: element, head: element(), addEventListener: nothing, cookie: "", URL: location.href, location };
  const navigator = { userAgent: "Chrome", language: "es-BO", platform: "" };
  const page = { console: { ...console, log: nothing }, setTimeout, clearTimeout, Promise, JSON, Math, Date, performance, URL, TextEncoder, navigator, location, document, addEventListener: nothing, history: {}, sessionStorage: storage, localStorage: storage };
  page.window = page.self = page.top = page.parent = page;
  vm.runInContext(fs.readFileSync(CLIENT, "utf8"), vm.createContext(page));
  return page.Excel;
}

// Runs work as `Excel.run` does, against a host.
export function runner(Excel, host) {
  return async (work) => {
    const context = new Excel.RequestContext();
    context._requestExecutor = host;
    const result = await work(context);
    await context.sync();
    return result;
  };
}
