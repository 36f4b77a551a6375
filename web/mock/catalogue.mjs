// What the mock server says about its layers.
import { features, SEASONS } from './world.mjs';

const both = (vi, en) => ({ vi, en });
const SIMULATED = both(
  'Dữ liệu mô phỏng: nương và đường tuần tra do chương trình tạo ra, không có thật.',
  'Simulated data: plots and patrols were made by a program; none of them is real.',
);
const APPROXIMATE = both(
  'Dữ liệu gần đúng: ranh giới xã vẽ theo ô Thiessen quanh điểm trung tâm, không phải địa giới pháp lý.',
  'Approximate data: communes are Thiessen cells around their centres, not legal boundaries.',
);

const LAYERS = [
  ['plots', 'Nương', 'Plots', 'point', [SIMULATED]],
  ['plot-outlines', 'Đường bao nương', 'Plot outlines', 'polygon', [SIMULATED]],
  ['hotspots', 'Điểm nóng', 'Hotspots', 'polygon', [SIMULATED]],
  ['coverage', 'Mức độ rà soát', 'Search coverage', 'polygon', [SIMULATED]],
  ['commune-summary', 'Tổng hợp theo xã', 'Commune summary', 'polygon', [SIMULATED, APPROXIMATE]],
  ['patrol-tracks', 'Đường tuần tra', 'Patrol tracks', 'linestring', [SIMULATED]],
  ['provinces', 'Tỉnh', 'Provinces', 'polygon', [APPROXIMATE]],
  ['districts', 'Huyện', 'Districts', 'polygon', [APPROXIMATE]],
  ['communes', 'Xã, phường', 'Communes', 'polygon', [APPROXIMATE]],
  ['border-lines', 'Đường giáp ranh', 'Border lines', 'linestring', [APPROXIMATE]],
  ['border-strips', 'Dải giáp ranh', 'Border strips', 'polygon', [APPROXIMATE]],
  ['weather-posts', 'Trạm thời tiết', 'Weather posts', 'point', []],
];

const FORMATS = [
  ['application/geo+json', 'GeoJSON', 'geojson'],
  ['text/csv', 'CSV', 'csv'],
  ['application/geopackage+sqlite3', 'GeoPackage', 'gpkg'],
];

const TITLES = {
  state: both('Trạng thái', 'State'),
  area_m2: both('Diện tích', 'Area'),
  area_method: both('Cách đo', 'Measured by'),
  reported_on: both('Ngày phát hiện', 'Reported on'),
  confirmed_on: both('Ngày xác nhận', 'Confirmed on'),
  lancing_on: both('Có thể rạch nhựa từ', 'Can be lanced from'),
  days_to_lancing: both('Còn lại đến rạch nhựa', 'Days left until lancing'),
  destroyed_on: both('Ngày phá nhổ', 'Destroyed on'),
  verified_on: both('Ngày kiểm tra', 'Verified on'),
  commune: both('Xã', 'Commune'),
  district: both('Huyện', 'District'),
  name: both('Tên', 'Name'),
  count: both('Số nương', 'Plots'),
  season: both('Niên vụ', 'Season'),
  pod: both('Khả năng phát hiện', 'Probability of detection'),
};

export const ids = LAYERS.map(([id]) => id);

export function collection(id, base) {
  const [, vi, en, , notes] = LAYERS.find(([known]) => known === id);
  return {
    id,
    title: vi,
    title_vi: vi,
    title_en: en,
    description_vi: `${vi} trong thế giới giả định.`,
    description_en: `${en} of the invented world.`,
    extent: {
      spatial: { bbox: [[102.33, 21.69, 103.99, 22.82]] },
      temporal: { interval: [['2023-07-01', '2026-06-30']] },
    },
    simulated: notes.includes(SIMULATED),
    approximate: notes.includes(APPROXIMATE),
    notes,
    attribution: ['Thế giới giả định / Invented world'],
    links: FORMATS.map(([type, title, f]) => ({
      rel: 'items',
      type,
      title,
      href: `${base}/collections/${id}/items?f=${f}`,
    })),
  };
}

export function schema(id, base) {
  const shape = LAYERS.find(([known]) => known === id)[3];
  const [first] = features(id, { season: SEASONS[0], cell: 'square:1000', unitsOn: null });
  const properties = {
    geometry: {
      'x-ogc-role': 'primary-geometry',
      format: shape === 'point' ? 'geometry-point' : `geometry-multi${shape}`,
    },
  };
  Object.entries(first.properties).forEach(([name, value], place) => {
    const unit = /_m2$/.test(name)
      ? 'm2'
      : /km2$/.test(name)
        ? 'km2'
        : /_m$/.test(name)
          ? 'm'
          : /^days|_lancing$/.test(name)
            ? 'd'
            : undefined;
    const title = TITLES[name] ?? both(name, name);
    properties[name] = {
      title: title.vi,
      title_vi: title.vi,
      title_en: title.en,
      type:
        typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'string',
      ...(/_on$|_visit$|^date$/.test(name) ? { format: 'date' } : {}),
      ...(unit && !/_on$/.test(name) ? { 'x-ogc-unit': unit } : {}),
      'x-ogc-propertySeq': place + 1,
    };
  });
  return { $id: `${base}/collections/${id}/schema`, type: 'object', title: id, properties };
}
