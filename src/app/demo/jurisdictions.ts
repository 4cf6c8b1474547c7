/** Which invented places there are and how large: the demo district at the scale of the Licheng plan, and a small one for every other text. */
import { subdistrictNames } from './names.ts';

export interface Jurisdiction {
  /** Two digits that begin no real division code. */
  province: string;
  names: { province: string; city: string; district: string };
  bindings: readonly { level: 'province' | 'city' | 'district'; packId: string }[];
  subdistricts: readonly {
    name: string;
    communities: number;
    enrolledLater?: number;
    trial?: boolean;
    demonstrationZone?: boolean;
  }[];
  managed: number;
  unserved: number;
  units: number;
  companies: number;
  /** Begins every company's name. */
  brand: string;
  /** Whether the recurring people live here. */
  withCast: boolean;
}

export const demoDistrict: Jurisdiction = {
  province: '99',
  names: { province: '演示省', city: '演示市', district: '示范区' },
  bindings: [{ level: 'district', packId: 'licheng' }],
  subdistricts: subdistrictNames.map((name, at) => ({
    name: `${name}街道`,
    communities: [12, 11, 11, 10, 10, 9, 9, 8][at]!,
    ...(name === '望屿' && { enrolledLater: 2 }),
    ...(name === '澄塘' && { enrolledLater: 4 }),
    ...(name === '梧埔' && { trial: true }),
    ...(name === '东湖' && { demonstrationZone: true }),
  })),
  managed: 231,
  unserved: 60,
  units: 120_000,
  companies: 60,
  brand: '示范',
  withCast: true,
};

function small(province: string, mark: string, bindings: Jurisdiction['bindings']): Jurisdiction {
  return {
    province,
    names: { province: `${mark}演省`, city: `${mark}演市`, district: `${mark}演区` },
    bindings,
    subdistricts: [
      { name: '南浦街道', communities: 2, demonstrationZone: true },
      { name: '北屏街道', communities: 2 },
    ],
    managed: 9,
    unserved: 3,
    units: 900,
    companies: 6,
    brand: `演示${mark}`,
    withCast: false,
  };
}

export const otherDistricts: readonly Jurisdiction[] = [
  small('98', '苏', [{ level: 'province', packId: 'jiangsu' }]),
  small('97', '滇', [{ level: 'province', packId: 'yunnan' }]),
  small('96', '豫', [
    { level: 'province', packId: 'henan' },
    { level: 'city', packId: 'jiaozuo' },
  ]),
  small('95', '郑', [{ level: 'city', packId: 'zhengzhou' }]),
];

/** The same place with fewer estates and units: for tests. Sub-districts and offices stay as they are. */
export function scaled(jurisdiction: Jurisdiction, scale: number): Jurisdiction {
  if (scale === 1) return jurisdiction;
  const size = (count: number, least: number) => Math.max(least, Math.round(count * scale));
  return {
    ...jurisdiction,
    subdistricts: jurisdiction.subdistricts.map((one) => ({ ...one, communities: size(one.communities, 2) })),
    managed: size(jurisdiction.managed, 9),
    unserved: size(jurisdiction.unserved, 3),
    units: size(jurisdiction.units, 600),
    companies: size(jurisdiction.companies, 6),
  };
}
