// The base of the sdf-* family: an open shadow root with the family's stylesheet.

const sheet = new CSSStyleSheet();
const url = new URL("../css/sdf.css", import.meta.url);
sheet.replaceSync(await (await fetch(url)).text());

export class SdfElement extends HTMLElement {
  render(markup) {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open", delegatesFocus: this.delegates });
    root.adoptedStyleSheets = [sheet];
    root.innerHTML = String(markup);
    return root;
  }

  get delegates() { return true; }

  inner(selector) { return this.shadowRoot.querySelector(selector); }
}
