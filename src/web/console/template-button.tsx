import { downloadTemplate } from '../../registers/rosters/contract.ts';
import { ExportButton } from '../shared/export-button.tsx';

export function TemplateButton({ kind, label }: { kind: string; label: string }) {
  return <ExportButton of={downloadTemplate} input={{ kind }}>{`下载${label}模板`}</ExportButton>;
}
