import type { App } from './app.ts';
import type { Layer } from './lib/catalogue.ts';
import { items, Trouble } from './lib/server.ts';
import type { Chosen } from './map/drawing.ts';

interface Asking {
  asked: string;
  question: AbortController;
}

/** Whether the server may refuse what is chosen of a layer. */
const mayRefuse = (layer: Layer) => layer.choices.length > 0 || layer.span;

/**
 * Which question of each layer the map shows the answer to. A layer with choices is asked for one
 * feature before its picture changes: what the server refuses leaves the map as it was.
 */
export class Answers {
  /** The last question that was answered. */
  readonly #answered = new Map<string, string>();
  readonly #asking = new Map<string, Asking>();
  readonly #refused = new Map<string, { asked: string; trouble: Trouble }>();

  constructor(readonly app: App) {}

  /** Asks about every layer that is on and of which something else is asked than is shown. */
  follow(again: boolean): void {
    const { app } = this;
    let other = false;
    for (const layer of app.deployment.layers) {
      if (!mayRefuse(layer) || !app.on.has(layer.id)) continue;
      const asked = app.queryOf(layer.id).toString();
      if (this.#asking.get(layer.id)?.asked === asked) continue;
      if (!again && this.#refused.get(layer.id)?.asked === asked) continue;
      this.#asking.get(layer.id)?.question.abort();
      this.#asking.delete(layer.id);
      other = this.#refused.delete(layer.id) || other;
      if (this.#answered.get(layer.id) === asked) continue;
      other = true;
      void this.#ask(layer.id, asked);
    }
    if (other) app.tell('answers');
  }

  async #ask(layer: string, asked: string): Promise<void> {
    const question = new AbortController();
    this.#asking.set(layer, { asked, question });
    try {
      await items(layer, new URLSearchParams(asked), 1, question.signal);
      this.#answered.set(layer, asked);
    } catch (error) {
      if (question.signal.aborted) return;
      if (error instanceof Trouble && error.kind === 'refused') {
        this.#refused.set(layer, { asked, trouble: error });
      } else {
        // Of any other trouble the tiles tell, and the map asks them again.
        this.#answered.set(layer, asked);
      }
    }
    if (question.signal.aborted) return;
    this.#asking.delete(layer);
    this.app.tell('answers');
  }

  /** Whether any answer is still to come. */
  get waiting(): boolean {
    return this.#asking.size > 0;
  }

  /** Whether the answer about a layer is still to come. */
  awaits(layer: string): boolean {
    return this.#asking.has(layer);
  }

  /** Why the server refused what is asked of a layer; `null`: it did not. */
  refusal(layer: string): Trouble | null {
    return this.#refused.get(layer)?.trouble ?? null;
  }

  /** The question whose answer the map shows; `null`: there is none yet. */
  shown(layer: string): URLSearchParams | null {
    const about = this.app.deployment.layers.find(({ id }) => id === layer);
    if (about === undefined || !mayRefuse(about)) return this.app.queryOf(layer);
    const answered = this.#answered.get(layer);
    return answered === undefined ? null : new URLSearchParams(answered);
  }

  /** What the map shows of a layer, by the name of the choice. */
  chosen(layer: string): Chosen {
    const query = this.shown(layer) ?? this.app.queryOf(layer);
    const method = query.get('method');
    return (name) => query.get(name) ?? this.app.usual(layer, name, method);
  }
}
