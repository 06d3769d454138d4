// A certified OpenID provider: start.mjs CLIENT SECRET REDIRECT...
// Prints READY and its port. Whoever types a name on its page is that person.
import { createServer } from 'node:net'
import { Provider } from 'oidc-provider'

const [client, secret, ...redirects] = process.argv.slice(2)
const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address()
    probe.close(() => resolve(port))
  })
})
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: redirects, grant_types: ['authorization_code'] }],
  pkce: { required: () => true },
  // names and addresses in the identity token itself, as large providers do
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: true, name: `Name of ${id.split('.')[0]}` }),
  }),
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ['for tests alone'] },
})
provider.listen(port, '127.0.0.1', () => console.log('READY', port))
