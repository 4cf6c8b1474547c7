import { type Refusal, refusal } from '../../kernel/results.ts';

export interface GroupToAdd {
  name: string;
  estateKnown: boolean;
  /** The body that is to look after it, and whether it has a part in the estate: its place lies there, or it serves or speaks for it. */
  keeper: { name: string; dissolved: boolean; concerned: boolean } | undefined;
  /** A group of this name in this estate that is in use. */
  known: boolean;
}

/** Every reason why a group cannot be registered. */
export function refusalsOfGroup({ name, estateKnown, keeper, known }: GroupToAdd): Refusal[] {
  return [
    ...(estateKnown ? [] : [refusal('没有这个小区，或不在您的辖区内。', { field: 'estate' })]),
    ...(keeper === undefined ? [refusal('没有这个单位。', { field: 'organisation' })] : []),
    ...(keeper?.dissolved ? [refusal(`${keeper.name}已经撤销。`, { field: 'organisation' })] : []),
    ...(keeper && estateKnown && !keeper.concerned
      ? [refusal(`${keeper.name}不管这个小区，不能负责它的群。`, { field: 'organisation' })]
      : []),
    ...(known ? [refusal('这个小区已经登记了同名的群。', { field: 'name' })] : []),
    // Whose number stands in a name is on every list and every export.
    ...(/\d{7,}/.test(name) ? [refusal('群的名称里不要写电话或证件号码。', { field: 'name' })] : []),
  ];
}
