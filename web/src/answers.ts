import type { App } from './app.ts';
import type { Layer } from './lib/catalogue.ts';
import { items, Trouble } from './lib/server.ts';
import type { Chosen } from './map/drawing.ts';

interface Asking {
  asked: string;
  question: AbortController;
}

interface Answered {
  /** What was asked for. */
  asked: string;
  /** What is drawn of it. */
  query: string;
  /** The screen's own parameters, without what was chosen of the layer. */
  base: string;
  /** Its first feature, which tells how all were reckoned. */
  facts: Readonly<Record<string, unknown>>;
}

interface Refused {
  asked: string;
  trouble: Trouble;
  /** Whether the layer is drawn as it usually is instead, and not as it was before. */
  instead: boolean;
}

/** Whether the server may refuse what is chosen of a layer. */
const mayRefuse = (layer: Layer) => layer.choices.length > 0 || layer.span;

/**
 * Which question of each layer the map shows the answer to. A layer with choices is asked for one
 * feature before its picture changes: what the server refuses leaves the map as it was.
 */
export class Answers {
  /** The last question that was answered. */
  readonly #answered = new Map<string, Answered>();
  readonly #asking = new Map<string, Asking>();
  readonly #refused = new Map<string, Refused>();

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
      if (this.#answered.get(layer.id)?.asked === asked) continue;
      other = true;
      void this.#ask(layer.id, asked);
    }
    if (other) app.tell('answers');
  }

  async #ask(layer: string, asked: string): Promise<void> {
    const question = new AbortController();
    this.#asking.set(layer, { asked, question });
    const refused = await this.#try(layer, asked, asked, question.signal);
    if (question.signal.aborted) return;
    if (refused !== null) await this.#fallBack(layer, asked, refused, question.signal);
    if (question.signal.aborted) return;
    this.#asking.delete(layer);
    this.app.tell('answers');
  }

  /**
   * Draws `query` as the answer to `asked` unless the server refuses it. Of any other trouble the
   * tiles tell, and the map asks them again.
   */
  async #try(
    layer: string,
    asked: string,
    query: string,
    signal: AbortSignal,
  ): Promise<Trouble | null> {
    let facts: Record<string, unknown> = {};
    const base = this.app.query.toString();
    try {
      const { features } = await items(layer, new URLSearchParams(query), 1, signal);
      facts = features[0]?.properties ?? {};
    } catch (error) {
      if (signal.aborted) return null;
      if (error instanceof Trouble && error.kind === 'refused') return error;
    }
    if (!signal.aborted) this.#answered.set(layer, { asked, query, base, facts });
    return null;
  }

  /**
   * Ground that nobody searched must not turn blank because of a refusal: the picture before stays
   * while it is of the same season and cells, and else the nearest question is drawn that is taken.
   */
  async #fallBack(
    layer: string,
    asked: string,
    refused: Trouble,
    signal: AbortSignal,
  ): Promise<void> {
    const { app } = this;
    const [modest, ...plain] = app.otherwise(layer).map(String);
    if (modest !== undefined && modest !== asked) {
      // What nobody chose may be left out without a word.
      if ((await this.#try(layer, asked, modest, signal)) === null) return;
    }
    if (signal.aborted) return;
    const told: Refused = { asked, trouble: refused, instead: false };
    this.#refused.set(layer, told);
    if (this.#answered.get(layer)?.base === app.query.toString()) return;
    for (const query of plain) {
      if (query === asked || query === modest) continue;
      if ((await this.#try(layer, query, query, signal)) === null) {
        told.instead = true;
        return;
      }
    }
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

  /** Whether a refused layer is drawn as it usually is, and not as it was before. */
  instead(layer: string): boolean {
    return this.#refused.get(layer)?.instead ?? false;
  }

  /** The question whose answer the map shows; `null`: there is none yet. */
  shown(layer: string): URLSearchParams | null {
    const about = this.app.deployment.layers.find(({ id }) => id === layer);
    if (about === undefined || !mayRefuse(about)) return this.app.queryOf(layer);
    const answered = this.#answered.get(layer);
    return answered === undefined ? null : new URLSearchParams(answered.query);
  }

  /** What the first feature of the answer tells, such as the seed; `{}`: nothing is known. */
  facts(layer: string): Readonly<Record<string, unknown>> {
    return this.#answered.get(layer)?.facts ?? {};
  }

  /** What the map shows of a layer, by the name of the choice. */
  chosen(layer: string): Chosen {
    const query = this.shown(layer) ?? this.app.queryOf(layer);
    const method = query.get('method');
    return (name) => query.get(name) ?? this.app.usual(layer, name, method);
  }
}
