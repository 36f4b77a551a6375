import type { App, Change } from '../app.ts';
import { search, type Searchable } from '../lib/fold.ts';
import { fill, h, icon, unique } from './dom.ts';
import { counted, W } from './words.ts';

export interface Place extends Searchable {
  layer: string;
  id: string;
  box: readonly [number, number, number, number];
}

/** Finds places by name, marks or no marks; a combobox as ARIA describes it. */
export class SearchBox {
  readonly element = h('div', { class: 'search', role: 'search' });
  places: readonly Place[] = [];
  readonly #list = h('ul', { class: 'plain found', role: 'listbox', id: unique('found') });
  readonly #said = h('p', { class: 'hidden', 'aria-live': 'polite' });
  readonly #input: HTMLInputElement;
  #found: Place[] = [];
  #at = -1;

  constructor(
    readonly app: App,
    readonly go: (place: Place) => void,
  ) {
    this.#input = h('input', {
      type: 'text',
      role: 'combobox',
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      enterkeyhint: 'search',
      'aria-expanded': 'false',
      'aria-autocomplete': 'list',
      'aria-controls': this.#list.id,
      oninput: () => this.#look(),
      onfocus: () => this.#look(),
      onblur: () => this.#close(),
      onkeydown: (event: KeyboardEvent) => this.#key(event),
    });
    this.#list.hidden = true;
    this.element.append(icon('search'), this.#input, this.#list, this.#said);
    app.listen((changes: ReadonlySet<Change>) => {
      if (changes.has('lang')) this.#name();
    });
    this.#name();
  }

  #name(): void {
    this.#input.placeholder = this.app.say(W.searchShort);
    this.#input.setAttribute('aria-label', this.app.say(W.search));
    this.#list.setAttribute('aria-label', this.app.say(W.searchShort));
  }

  #look(): void {
    const typed = this.#input.value;
    if (typed.trim() === '') {
      this.#close();
      return;
    }
    this.#found = search(this.places, typed);
    this.#at = this.#found.length > 0 ? 0 : -1;
    fill(
      this.#list,
      ...this.#found.map((place, i) =>
        h(
          'li',
          {
            role: 'option',
            id: `${this.#list.id}-${i}`,
            // Before the field loses the focus, which would close the list.
            onpointerdown: (event: PointerEvent) => {
              event.preventDefault();
              this.#choose(i);
            },
          },
          icon('pin'),
          h('span', {}, place.name),
          place.context !== undefined && h('span', { class: 'soft' }, place.context),
        ),
      ),
      this.#found.length === 0 &&
        h('li', { class: 'none', role: 'presentation' }, this.app.say(W.nothingFound)),
    );
    this.#list.hidden = false;
    this.#input.setAttribute('aria-expanded', 'true');
    this.#said.textContent =
      this.#found.length === 0
        ? this.app.say(W.nothingFound)
        : counted(this.#found.length, W.list, this.app);
    this.#mark();
  }

  #mark(): void {
    for (const [i, option] of [...this.#list.children].entries()) {
      option.setAttribute('aria-selected', String(i === this.#at));
    }
    if (this.#at >= 0) {
      this.#input.setAttribute('aria-activedescendant', `${this.#list.id}-${this.#at}`);
    } else this.#input.removeAttribute('aria-activedescendant');
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      this.#input.value = '';
      this.#close();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const count = this.#found.length;
      if (count === 0) return;
      event.preventDefault();
      this.#at = (this.#at + (event.key === 'ArrowDown' ? 1 : count - 1)) % count;
      this.#mark();
    } else if (event.key === 'Enter' && this.#at >= 0) {
      event.preventDefault();
      this.#choose(this.#at);
    }
  }

  #choose(at: number): void {
    const place = this.#found[at];
    if (place === undefined) return;
    this.#input.value = place.name;
    this.#close();
    this.#input.blur();
    this.go(place);
  }

  #close(): void {
    this.#list.hidden = true;
    this.#found = [];
    this.#at = -1;
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }
}
