import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Contract, InputOf, OutputOf } from '../../kernel/contract.ts';
import { ask, type Refused } from './ask.ts';

/** Asks while the component stands; `every` milliseconds again while the answer says that work goes on. */
export function useAsk<C extends Contract>(
  of: C,
  input: InputOf<C>,
  {
    enabled = true,
    every,
    keep = false,
  }: { enabled?: boolean; every?: (answer: OutputOf<C> | undefined) => number | false; keep?: boolean } = {},
) {
  return useQuery<OutputOf<C>, Refused>({
    queryKey: [of.path, input],
    queryFn: ({ signal }) => ask(of, input, { signal }),
    enabled,
    ...(every && { refetchInterval: (query) => every(query.state.data as OutputOf<C> | undefined) }),
    ...(keep && { placeholderData: keepPreviousData }),
  });
}

/** Acts once; everything on screen is asked again afterwards, for a deed changes the subtraction everywhere. */
export function useAct<C extends Contract>(of: C) {
  const client = useQueryClient();
  return useMutation<OutputOf<C>, Refused, { input: InputOf<C>; file?: File }>({
    mutationFn: ({ input, file }) => ask(of, input, file ? { file } : {}),
    onSuccess: () => client.invalidateQueries(),
  });
}
