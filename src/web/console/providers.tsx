import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ConfigProvider } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import { RouterProvider } from 'react-router';
import { Refused } from '../shared/ask.ts';
import { quiet, theme } from '../shared/theme.ts';
import { router } from './router.tsx';

const client = new QueryClient({
  queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
  mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (times, error) => times < 2 && error instanceof Refused && error.status === 0,
    },
  },
});

/** Whoever is no longer signed in goes to the door and comes back to the same address. */
function leaveWhenSignedOut(error: Error) {
  if (
    !(error instanceof Refused) ||
    error.status !== 401 ||
    /\/(sign-in|owner|activate)$/.test(router.state.location.pathname)
  )
    return;
  const { pathname, search } = router.state.location;
  const back = pathname.replace(/^\/console/, '') + search;
  void router.navigate(back === '/' ? '/sign-in' : `/sign-in?back=${encodeURIComponent(back)}`);
}

/** Whoever asks for less motion gets none: antd would wait for the end of an animation that the browser cuts short, and presses fall into the gap. */
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

export function Providers() {
  return (
    <QueryClientProvider client={client}>
      <ConfigProvider
        locale={zhCN}
        theme={still ? { ...theme, token: { ...theme.token, motion: false } } : theme}
        {...quiet}
      >
        <RouterProvider router={router} />
      </ConfigProvider>
    </QueryClientProvider>
  );
}
