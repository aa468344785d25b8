/** The front page's picture: grey on one side of a slider, coloured on the other. */
class Demo extends HTMLElement {
  connectedCallback(): void {
    const slider = this.querySelector<HTMLInputElement>("input[type=range]");
    if (!slider) return;
    const show = () => this.style.setProperty("--split", `${slider.value}%`);
    slider.addEventListener("input", show);
    show();
  }
}

customElements.define("rehue-demo", Demo);
