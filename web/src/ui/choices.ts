import { ALL, SPAN, type App } from '../app.ts';
import type { Layer } from '../lib/catalogue.ts';
import { text, type Text } from '../lib/text.ts';
import { h, icon, unique } from './dom.ts';
import { W } from './words.ts';

/** What can be chosen, and what the words mean. A word that is not here is shown as it is. */
const NAMES: Readonly<Record<string, Text>> = {
  method: text('Phương pháp', 'Method'),
  value: text('Đại lượng', 'What is counted'),
  null: text('Xáo trộn', 'What is shuffled'),
  adjust: text('Kiểm soát phát hiện sai', 'False finds held down by'),
  tail: text('Tìm', 'Looks for'),
  kernel: text('Hàm nhân', 'Kernel'),
};

const WORDS: Readonly<Record<string, Text>> = {
  'method.gistar': text('Gi* (ô và các ô quanh nó)', 'Gi* (a cell and those around)'),
  'method.gi': text('Gi (chỉ các ô quanh nó)', 'Gi (only those around)'),
  'method.moran': text('Moran cục bộ', 'Local Moran'),
  'method.join-counts': text('Số cặp ô có nương', 'Local join counts'),
  'method.cells': text('Nối các ô nóng', 'Hot cells joined'),
  'method.dbscan': text('DBSCAN: nương gần nhau', 'DBSCAN: plots close together'),
  'method.hdbscan': text('HDBSCAN: mật độ thay đổi', 'HDBSCAN: varying density'),
  'method.scan': text('Quét vòng tròn (Kulldorff)', 'Scan statistic (Kulldorff)'),
  'method.density': text('Nơi dày nhất (một nửa mật độ)', 'Densest ground (half the density)'),
  'method.volume': text('Vùng chứa phần lớn nương', 'Where most plots lie'),
  'method.contours': text('Đường mật độ', 'Density contours'),
  'method.risk': text('So với niên vụ trước', 'Against the season before'),
  'value.count': text('Số nương', 'Number of plots'),
  'value.area': text('Diện tích', 'Area'),
  'value.presence': text('Có hay không', 'Present or not'),
  'value.rate': text('Nương trên đất đã rà soát', 'Plots per ground searched'),
  'null.total': text('Mọi ô', 'All cells'),
  'null.conditional': text('Các ô khác, ô này giữ nguyên', 'The others, this cell stays'),
  'adjust.bh': text('Benjamini-Hochberg', 'Benjamini-Hochberg'),
  'adjust.by': text('Benjamini-Yekutieli', 'Benjamini-Yekutieli'),
  'adjust.bonferroni': text('Bonferroni', 'Bonferroni'),
  'adjust.holm': text('Holm', 'Holm'),
  'adjust.none': text('Không kiểm soát', 'Nothing'),
  'tail.upper': text('Nơi nhiều', 'Much'),
  'tail.lower': text('Nơi ít', 'Little'),
  'tail.two-sided': text('Cả hai', 'Either'),
  'kernel.quartic': text('Bậc bốn', 'Quartic'),
  'kernel.epanechnikov': text('Epanechnikov', 'Epanechnikov'),
  'kernel.gaussian': text('Gauss', 'Gaussian'),
};

/** The choices of method of a layer, folded away; `null` where it has none. */
export function choices(layer: Layer, app: App): HTMLElement | null {
  if (layer.choices.length === 0 && !layer.span) return null;
  const rows: HTMLElement[] = layer.choices.map(({ name, words }) => {
    const id = unique('choose');
    const now = app.choice(layer.id, name) ?? words[0] ?? '';
    const select = h(
      'select',
      {
        id,
        'data-choice': `${layer.id}.${name}`,
        onchange: () => app.choose(layer.id, name, select.value === words[0] ? null : select.value),
      },
      ...words.map((word) =>
        h(
          'option',
          { value: word, selected: word === now },
          app.say(WORDS[`${name}.${word}`] ?? word),
        ),
      ),
    );
    return h('div', {}, h('label', { for: id }, app.say(NAMES[name] ?? name)), select);
  });
  if (layer.span) rows.push(span(layer, app));
  const touched = Object.keys(app.screen.choices).some((key) => key.startsWith(`${layer.id}.`));
  return h(
    'details',
    { class: 'choices', open: touched },
    h('summary', {}, app.say(W.choices), icon('down')),
    ...rows,
  );
}

function span(layer: Layer, app: App): HTMLElement {
  const id = unique('choose');
  const box = h('input', {
    type: 'checkbox',
    id,
    'data-choice': `${layer.id}.${SPAN}`,
    onchange: () => app.choose(layer.id, SPAN, box.checked ? ALL : null),
  });
  box.checked = app.choice(layer.id, SPAN) === ALL;
  return h('div', { class: 'tick' }, box, h('label', { for: id }, app.say(W.allSeasons)));
}
