// Must be imported before any schema: zod otherwise probes `new Function`, which the page's policy refuses and reports.
import { config } from 'zod'

config({ jitless: true })
