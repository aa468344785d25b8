/** Asks one question at a time; of those that come meanwhile, the newest is asked next. */
export class LatestOnly<Question, Answer> {
  #busy = false;
  #waiting: { readonly question: Question } | null = null;

  constructor(
    readonly ask: (question: Question) => Promise<Answer>,
    readonly hear: (question: Question, answer: Answer) => void,
    readonly fail: (error: unknown, question: Question) => void,
  ) {}

  get busy(): boolean {
    return this.#busy;
  }

  put(question: Question): void {
    this.#waiting = { question };
    if (!this.#busy) void this.#run();
  }

  /** What waits need not be asked any more. */
  drop(): void {
    this.#waiting = null;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting) {
      const { question } = this.#waiting;
      this.#waiting = null;
      try {
        this.hear(question, await this.ask(question));
      } catch (error) {
        this.fail(error, question);
      }
    }
    this.#busy = false;
  }
}
