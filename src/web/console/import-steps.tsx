const steps = ['选择和上传', '对应列', '核对', '完成'] as const;

/** Where one is in an import; words, not circles. */
export function ImportSteps({ at }: { at: 1 | 2 | 3 | 4 }) {
  return (
    <ol className="import-steps no-print" aria-label="导入步骤">
      {steps.map((label, place) => (
        <li key={label} aria-current={place + 1 === at ? 'step' : undefined} className={place + 1 < at ? 'past' : ''}>
          {place + 1}. {label}
        </li>
      ))}
    </ol>
  );
}
