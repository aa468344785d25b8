/** The form for new work: the chosen recipe's text, to be changed before it is sent. */
class RecipeText extends HTMLElement {
  connectedCallback(): void {
    const form = this.closest("form");
    const choice = form?.querySelector<HTMLSelectElement>('select[name="recipe"]');
    const text = form?.querySelector<HTMLTextAreaElement>('textarea[name="text"]');
    const source = document.getElementById("recipes")?.textContent;
    if (!choice || !text || !source) return;
    const recipes = JSON.parse(source) as Record<string, string>;
    const fill = () => {
      text.value = recipes[choice.value] ?? "";
    };
    choice.addEventListener("change", fill);
    // What came back with an error is kept.
    if (text.value === "") fill();
  }
}

customElements.define("rehue-recipe", RecipeText);
