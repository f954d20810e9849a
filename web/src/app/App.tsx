import '@mantine/core/styles/baseline.css'
import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/global.css'
import '@mantine/core/styles/UnstyledButton.css'
import '@mantine/core/styles/Tooltip.css'
import '../ui/theme/mantine.css'
import '../ui/theme/reset.css'
import { createTheme, MantineProvider, type MantineColorSchemeManager } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useEffect } from 'react'
import { queryClient } from '../api/query-client.ts'
import { Toasts } from '../ui/feedback/Toasts.tsx'
import { readPreference, type Theme, useTheme } from '../ui/preferences.ts'
import { router } from './router.ts'

const theme = createTheme({ respectReducedMotion: true, cursorType: 'pointer', focusRing: 'never' })
// The theme is a preference of ours; Mantine is told, and keeps nothing itself.
const silentManager: MantineColorSchemeManager = {
  get: () => readPreference<Theme>('theme', 'dark'),
  set: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
}

export const App = () => {
  const [scheme] = useTheme()
  useEffect(() => {
    document.documentElement.dataset.mantineColorScheme = scheme
  }, [scheme])
  return (
    <StrictMode>
      <MantineProvider
        theme={theme}
        forceColorScheme={scheme}
        colorSchemeManager={silentManager}
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Toasts />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  )
}
