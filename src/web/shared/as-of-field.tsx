import { DayField } from './day-field.tsx';
import type { Url } from './use-url.ts';

/** A list as it stood on a day; on paper it says which. */
export function AsOfField({ url, name = 'on', label }: { url: Url; name?: string; label: string }) {
  const given = url.text(name) ?? '';
  return (
    <>
      <DayField
        label={label}
        value={given}
        onChange={(on) => on !== given && url.change({ [name]: on || undefined })}
      />
      {given !== '' && <span className="print-only">{`${label}：${given}`}</span>}
    </>
  );
}
