// Loaded with --import after loopback.mjs: a server whose address is P listens at Q instead (LISTEN_INSTEAD=P:Q), so that
// a test can put a proxy in between while the server goes on calling itself P.
import net from 'node:net'

const [shown, real] = (process.env.LISTEN_INSTEAD ?? '').split(':').map(Number)
const listen = net.Server.prototype.listen

net.Server.prototype.listen = function (...args) {
  if (Number(args[0]) === shown) {
    args[0] = real
  } else if (args[0] && typeof args[0] === 'object' && Number(args[0].port) === shown) {
    args[0] = { ...args[0], port: real }
  }
  return listen.apply(this, args)
}
