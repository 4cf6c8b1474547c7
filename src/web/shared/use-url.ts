import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** The address is the only memory of a list: filter, sort and page can be sent to a colleague. Changing a filter goes back to the first page. */
export function useUrl() {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback(
    (fields: Record<string, string | number | undefined>, { keepPage = false } = {}) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          if (!keepPage) after.delete('page');
          for (const [name, value] of Object.entries(fields)) {
            if (value === undefined || value === '') after.delete(name);
            else after.set(name, String(value));
          }
          return after;
        },
        { replace: true },
      ),
    [setParameters],
  );
  return {
    text: (name: string) => parameters.get(name) ?? undefined,
    number: (name: string) => (/^\d+$/.test(parameters.get(name) ?? '') ? Number(parameters.get(name)) : undefined),
    /** A value of a closed list, or nothing. */
    one: <T extends string>(name: string, of: readonly T[]) => of.find((value) => value === parameters.get(name)),
    change,
  };
}
export type Url = ReturnType<typeof useUrl>;
