import type { IndicatorVerdict } from './states.tsx';
import { verdictTones } from './states.tsx';

interface ShareProps {
  numerator: string;
  denominator: string;
  unknown: string;
  target: { a: number; b: number; text: string } | null;
  verdict: IndicatorVerdict;
}

/** A share from zero to the whole, what is unknown dashed, the target as a line across. The numbers stand beside it in words. */
export function ShareBar({ numerator, denominator, unknown, target, verdict }: ShareProps) {
  const whole = Number(denominator);
  const width = (part: number) => `${whole === 0 ? 0 : Math.min(100, (part / whole) * 100)}%`;
  const line = target && target.b > 0 ? Math.min(100, (target.a / target.b) * 100) : null;
  return (
    <div className="share-bar" aria-hidden="true">
      <span className={`share-part share-${verdictTones[verdict]}`} style={{ width: width(Number(numerator)) }} />
      <span className="share-unknown" style={{ width: width(Number(unknown)) }} />
      {line !== null && <span className="share-target" style={{ insetInlineStart: `${line}%` }} />}
    </div>
  );
}
