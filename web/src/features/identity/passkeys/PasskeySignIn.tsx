import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import type { User } from '../../../../../shared/contract/identity.ts'
import { signInByPasskey } from './sign-in.ts'
import { PasskeyButton } from './PasskeyButton.tsx'

/** Signs in without a name and a password; not offered where the browser knows no passkeys, such as without TLS. */
export const PasskeySignIn = ({ onSignedIn }: { onSignedIn: (user: User) => void }) =>
  browserSupportsWebAuthn() ? (
    <div className="auth-form auth-other">
      <PasskeyButton size="lg" answer={async () => onSignedIn(await signInByPasskey())} />
    </div>
  ) : null
