// Loaded with --import before anything else: both servers listen on every interface unless told
// otherwise, and neither has a setting for it. A listener that names no host gets 127.0.0.1.
import net from 'node:net'

const LOOPBACK = '127.0.0.1'
const listen = net.Server.prototype.listen

net.Server.prototype.listen = function (...args) {
  const [first, second] = args
  const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))
  if (isPort && typeof second !== 'string') {
    args.splice(1, 0, LOOPBACK)
  } else if (first && typeof first === 'object' && first.port !== undefined && !first.host) {
    args[0] = { ...first, host: LOOPBACK }
  }
  return listen.apply(this, args)
}
