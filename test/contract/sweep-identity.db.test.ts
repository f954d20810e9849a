// The sweeps over the rooms that need the control plane alone: quick, and the first to fail.
import { withControlPlane } from '../harness/control-plane.ts'
import { smallRoutes, startSmallApp } from '../harness/small-app.ts'
import { sweep } from './sweep.ts'

const plane = withControlPlane()

sweep(smallRoutes, async () => {
  const { http, identity, clock } = await startSmallApp(plane)
  // Time goes on here: codes of authenticator apps are made by the clock of the test.
  Object.defineProperty(clock, 'now', { get: () => new Date() })
  return { inject: http.inject, createUser: identity.createUserByOperator, close: http.close }
})
