import { Command } from 'commander'
import { serve } from '../serve.ts'

export const serveCommand = (): Command =>
  new Command('serve').description('Serve the web app and the API, and read imports (what npm start does)').action(() => serve(process.env))
