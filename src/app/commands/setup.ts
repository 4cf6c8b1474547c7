import { checkDivisionCode, levelOfDivision, parentDivision } from '../../kernel/identifiers.ts';
import { foundDeployment } from '../found.ts';
import { type Command, CommandError } from './command.ts';
import { withSystem } from './with-system.ts';

export const setup: Command = {
  summary: '建立一个真实的空地区（代替演示数据）',
  usage: [
    '用法：bin/gongzhi setup 区划代码 --names 名称 [--pack 政策包] [--account 账号] [--json]',
    '',
    '  区划代码    6、9 或 12 位；区县为主，试点可以只是一个社区',
    '  --names     从省到本地的名称，用 / 隔开，如 福建省/泉州市/鲤城区',
    '  --pack      本地适用的政策包，如 licheng；可以以后在“区划与政策”里绑定',
    '  --account   首任经办人的账号，默认 首任；三个管理员的账号在其后加“系统”“安全”“审计”',
    '  --policy-from  政策包自何日起适用（默认今天）',
    '',
    '建好后运行 bin/start，用打印的经办人账号登录，从“名册导入”粘贴小区名单开始；系统、安全、审计三个管理员交给三个人。',
  ].join('\n'),
  options: {
    names: { type: 'string' },
    pack: { type: 'string' },
    account: { type: 'string', default: '首任' },
    'policy-from': { type: 'string' },
  },
  async run({ positionals: [given], options }) {
    if (given === undefined) throw new CommandError(this.usage);
    const code = given.padEnd(12, '0');
    const checked = checkDivisionCode(code);
    const level = levelOfDivision(code);
    if (!checked.ok || level === null)
      throw new CommandError(
        `区划代码 ${given} 不对：${checked.ok ? '不是省、市、区县、街道或社区的代码' : checked.reason}`,
      );
    const chain = [code];
    for (let above = parentDivision(code); above !== null; above = parentDivision(above)) chain.unshift(above);
    const names = (options.names ?? '')
      .split('/')
      .map((name) => name.trim())
      .filter(Boolean);
    if (names.length !== chain.length)
      throw new CommandError(
        `请用 --names 给出从省到本地的 ${chain.length} 个名称，用 / 隔开（现在有 ${names.length} 个）。`,
      );

    const founded = await withSystem((system, settings) =>
      foundDeployment(system, settings.policyFolder, {
        chain: chain.map((one, place) => ({ code: one, name: names[place]! })),
        account: options.account!,
        pack: options.pack ?? 'national',
        ...(options['policy-from'] && { packFrom: options['policy-from'] }),
      }),
    );
    if ('refused' in founded) throw new CommandError(founded.refused);
    return {
      data: { code, ...founded },
      text: `${founded.name}（${code}）已建立，适用政策包 ${founded.pack}。\n${founded.accounts
        .map(({ role, account, password }) => `${role}　账号 ${account}　密码 ${password}`)
        .join('\n')}\n密码只显示这一次，请分别交给四个人，登录后修改；三个管理员不得为同一人。\n现在运行 bin/start。`,
    };
  },
};
