// Two steps: the ground is painted in its colour, and zod told to make no functions out of text, before anything is loaded
// that draws or makes a schema.
import './quiet-zod.ts'
import '../ui/theme/tokens.css'
import '../ui/theme/ground.css'
import { readPreference, type Theme } from '../ui/preferences.ts'

document.documentElement.dataset.mantineColorScheme = readPreference<Theme>('theme', 'dark')
const { start } = await import('./start.ts')
start()
