/** States: always a word, the colour only repeats it. */
import { type DutyStanding, standingLabels } from '../../oversight/duties/contract.ts';
import { verdictLabels } from '../../oversight/indicators/contract.ts';

export type Tone = 'overdue' | 'soon' | 'met' | 'calm' | 'outside';

export function State({ tone, children }: { tone: Tone; children: string }) {
  return <span className={`state state-${tone}`}>{children}</span>;
}

const standingTones: Record<DutyStanding, Tone> = {
  overdue: 'overdue',
  'due-soon': 'soon',
  'not-due': 'calm',
  met: 'met',
  waived: 'calm',
  'not-enrolled': 'outside',
  lapsed: 'outside',
};

export function StandingWord({ standing }: { standing: DutyStanding }) {
  return <State tone={standingTones[standing]}>{standingLabels[standing]}</State>;
}

export type IndicatorVerdict = keyof typeof verdictLabels;

/** Red is kept for what is overdue; a target not reached is amber. */
export const verdictTones: Record<IndicatorVerdict, Tone> = {
  reached: 'met',
  short: 'soon',
  undecided: 'outside',
  none: 'calm',
  watch: 'calm',
};

export function VerdictWord({ verdict }: { verdict: IndicatorVerdict }) {
  return <State tone={verdictTones[verdict]}>{verdictLabels[verdict]}</State>;
}

export function Trial() {
  return <State tone="outside">试运行</State>;
}
