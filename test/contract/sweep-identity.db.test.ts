// The sweeps over the rooms that need the control plane alone: quick, and the first to fail.
import { withControlPlane } from '../harness/control-plane.ts'
import { smallRoutes, startSmallApp } from '../harness/small-app.ts'
import { sweep } from './sweep.ts'

const plane = withControlPlane()

sweep(smallRoutes, async () => {
  const { http, identity } = await startSmallApp(plane)
  return { inject: http.inject, createUser: identity.createUserByOperator, close: http.close }
})
