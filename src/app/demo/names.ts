/** Invented names. Nobody and no place is meant; companies begin with 示范 or 演示, so that none can be taken for a real one. */
import type { Draws } from './draws.ts';

/** People who appear in the demo, the tests and the pictures, always in the same parts. Nobody else bears these names. */
export const cast = {
  bureauOfficer: '林海',
  departmentOfficer: '方敏之',
  subdistrictOfficer: '陈晓岚',
  westOfficer: '吴建国',
  communityWorker: '许青禾',
  director: '何文静',
  manager: '周启明',
  owner: '邓小舟',
  administrator: '秦朗',
  securityAdministrator: '严谨行',
  auditAdministrator: '鲁明鉴',
  twoPosts: '苏敏',
} as const;

const castNames = new Set<string>(Object.values(cast));

const surnames = [
  ...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文',
];
const firstGiven = [...'子文志晓建国家明永春秋雅丽秀玉美淑慧思梦雨欣佳俊伟宏立海天正德安宁景怀书云月清若可乐一'];
const lastGiven = [
  ...'涵轩宇航杰豪鹏飞龙辉强军平波涛磊洋勇毅斌松柏青山川林森兰芳芬萍莉娜婷琳璐颖洁静怡悦然彤薇蕾琴燕霞英华珍',
];

/** A person's name of two or three characters. */
export function personName(draws: Draws): string {
  for (;;) {
    const name = draws.pick(surnames) + (draws.percent(30) ? '' : draws.pick(firstGiven)) + draws.pick(lastGiven);
    if (!castNames.has(name)) return name;
  }
}

export const subdistrictNames = ['东湖', '西山', '云溪', '松涧', '鹤汀', '望屿', '澄塘', '梧埔'] as const;

/** What rosters of communities and estates are put together from. */
export const placeFirst = [...'柳荷竹梅兰桂枫杏榕槐芦菱鹭雁霞岚晴露泉苇'];
export const placeLast = ['湾', '溪', '塘', '坞', '岭', '渡', '浦', '坊', '埔', '桥'] as const;

export const estateFirst = [
  '锦绣',
  '翠微',
  '和悦',
  '云栖',
  '听澜',
  '明月',
  '朝晖',
  '永安',
  '康宁',
  '福泽',
  '书香',
  '蓝湾',
  '丹桂',
  '银杏',
  '碧波',
  '金穗',
  '紫荆',
  '望江',
  '怡景',
  '星辰',
] as const;
export const estateLast: Readonly<Record<string, readonly string[]>> = {
  commodity: ['花园', '名庭', '雅居', '华府', '国际公寓', '半岛'],
  old: ['新村', '小区', '里', '大院'],
  resettlement: ['安置小区', '家园', '新苑'],
  affordable: ['惠民苑', '安居苑'],
  mixed: ['广场', '中心'],
  unmanaged: ['宿舍', '旧院', '职工楼', '老街坊'],
};

export const companyWords = [
  '安居',
  '宜家',
  '和顺',
  '同心',
  '暖邻',
  '晨曦',
  '佳境',
  '乐业',
  '荣庭',
  '馨园',
  '润物',
  '诚善',
  '泰和',
  '景明',
  '嘉禾',
  '宏图',
  '盛世',
  '恒信',
  '融和',
  '瑞祥',
  '天禄',
  '启航',
  '远山',
  '拾光',
  '优享',
  '众诚',
  '鼎新',
  '德邻',
  '惠民',
  '仁和',
  '卓越',
  '永兴',
  '广厦',
  '金钥',
  '银河',
  '丰禾',
  '常青',
  '博雅',
  '万象',
  '聚贤',
  '福临',
  '祥云',
  '长乐',
  '厚德',
  '明德',
  '思源',
  '致远',
  '笃行',
  '凌云',
  '朗润',
  '清和',
  '新叶',
  '绿茵',
  '蓝盾',
  '红枫',
  '紫气',
  '橙光',
  '青松',
  '白鹭',
  '墨香',
] as const;
