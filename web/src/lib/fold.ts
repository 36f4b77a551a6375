/**
 * `name` as people type it in a hurry: no tone marks, no case, đ as d, y as i (Mỹ Tho, Mĩ Tho), no
 * kind of unit in front.
 */
export function fold(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^(xa|phuong|thi tran|huyen|thanh pho|tinh|commune|ward|district|province) +(?=.)/, '')
    .replace(/y/g, 'i');
}

/** One thing that can be searched for. */
export interface Searchable {
  name: string;
  /** Said beside the name, such as the district. */
  context?: string;
}

/**
 * The `things` that `typed` may mean, best first: the whole name, its beginning, the beginning of
 * one of its words, then anywhere in it. Marks decide only between equals: "Tà Tổng" typed with its
 * marks comes before "Ta Tong".
 */
export function search<T extends Searchable>(things: readonly T[], typed: string, most = 8): T[] {
  const wanted = fold(typed);
  if (wanted === '') return [];
  const exact = typed.normalize('NFC').toLowerCase().trim();
  const rank = (thing: T): number => {
    const name = fold(thing.name);
    const bare = name.replaceAll(' ', '');
    const marks = thing.name.normalize('NFC').toLowerCase().includes(exact) ? 0 : 0.5;
    if (name === wanted) return marks;
    if (name.startsWith(wanted)) return 1 + marks;
    if (name.includes(` ${wanted}`)) return 2 + marks;
    if (name.includes(wanted) || bare.includes(wanted.replaceAll(' ', ''))) return 3 + marks;
    return Number.POSITIVE_INFINITY;
  };
  return things
    .map((thing) => ({ thing, rank: rank(thing) }))
    .filter(({ rank }) => Number.isFinite(rank))
    .sort((a, b) => a.rank - b.rank || a.thing.name.localeCompare(b.thing.name, 'vi'))
    .slice(0, most)
    .map(({ thing }) => thing);
}
