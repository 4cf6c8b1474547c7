/** Judgements about surveys. Pure. */
import { type Refusal, refusal } from '../../kernel/results.ts';

export interface SurveyToOpen {
  dueOn: string;
  today: string;
  /** A place within one's own range; undefined: not there, or not one's own. */
  area: { name: string; estates: number } | undefined;
  /** One of the same title in this place that is not closed. */
  running: boolean;
}

/** Every reason why it cannot begin. */
export function refusalsOfOpening({ dueOn, today, area, running }: SurveyToOpen): Refusal[] {
  return [
    ...(area ? [] : [refusal('没有这个地方，或不在您的辖区内。', { field: 'area' })]),
    ...(area?.estates === 0 ? [refusal(`${area.name}还没有登记小区，没有可以核对的。`, { field: 'area' })] : []),
    ...(dueOn < today ? [refusal('期限不能早于今天。', { field: 'dueOn' })] : []),
    ...(running ? [refusal('同名的摸排还没有结束。', { field: 'title' })] : []),
  ];
}

export interface SheetToConfirm {
  closedOn: string | null;
  /** Undefined: not among the estates in sight. */
  estate: { state: string; mark: string; missing: readonly string[] } | undefined;
  mark: string;
}

/** Every reason why an estate cannot be confirmed as it stands. */
export function refusalsOfConfirming({ closedOn, estate, mark }: SheetToConfirm): Refusal[] {
  if (closedOn !== null) return [refusal(`这次摸排已于 ${closedOn} 结束。`)];
  if (!estate) return [refusal('这个小区不在这次摸排里，或不在您的辖区内。', { field: 'estate' })];
  return [
    ...(estate.missing.length > 0 ? [refusal(`${estate.missing.join('、')}待补：不知道的不能核对，请先补上。`)] : []),
    ...(estate.mark !== mark ? [refusal('底册刚才改过，请看清现在写的再核对。')] : []),
    ...(estate.state === 'confirmed' ? [refusal('这个小区已经核对过，之后没有改过。')] : []),
  ];
}
