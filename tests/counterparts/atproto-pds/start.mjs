// A real Bluesky PDS with its own PLC directory, for tests: node --import ./loopback.mjs start.mjs
//
//   PDS_PORT   port of the PDS, on 127.0.0.1 (required)
//   PLC_PORT   port of the identity directory, on 127.0.0.1 (required)
//   DATA_DIR   folder of everything that lasts; made when missing (required)
//   RATE_LIMITS=1        the PDS enforces its rate limits
//   STOP_WITH_STDIN=1    ends when standard input closes, so a killed test leaves nothing behind
//
// Prints one line `READY {"pds":"http://localhost:…","plc":"http://localhost:…"}` when both answer. Several can run at
// once on different ports and folders; a second start on the same folder and ports finds accounts, sessions and posts.
import fs from 'node:fs'
import path from 'node:path'
import plcServer from '@did-plc/server'
import { Secp256k1Keypair } from '@atproto/crypto'
import { PDS } from '@atproto/pds'
import { openPlcStore } from './plc-store.mjs'

function required(name) {
  const value = process.env[name]
  if (!value) {
    console.error(`${name} is not set`)
    process.exit(2)
  }
  return value
}

function port(name) {
  const value = Number(required(name))
  if (!Number.isInteger(value) || value < 1 || value > 65535) {
    console.error(`${name} is not a port: the PDS puts it into its own address, so 0 cannot be used`)
    process.exit(2)
  }
  return value
}

// The keys must outlive the process: sessions are signed with them and identities name them.
async function keys(directory) {
  const file = path.join(directory, 'keys.json')
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8'))
  const rotation = await Secp256k1Keypair.create({ exportable: true })
  const made = {
    rotation: Buffer.from(await rotation.export()).toString('hex'),
    recovery: (await Secp256k1Keypair.create()).did(),
  }
  fs.writeFileSync(file, JSON.stringify(made), { mode: 0o600 })
  return made
}

const pdsPort = port('PDS_PORT')
const plcPort = port('PLC_PORT')
const directory = path.resolve(required('DATA_DIR'))
const blobs = path.join(directory, 'blobs')
fs.mkdirSync(blobs, { recursive: true })

const plc = plcServer.PlcServer.create({ db: await openPlcStore(directory), port: plcPort })
await plc.start()

const { rotation, recovery } = await keys(directory)
const pds = await PDS.fromEnv({
  devMode: true,
  hostname: 'localhost',
  port: pdsPort,
  didPlcUrl: `http://localhost:${plcPort}`,
  dataDirectory: directory,
  blobstoreDiskLocation: blobs,
  recoveryDidKey: recovery,
  plcRotationKeyK256PrivateKeyHex: rotation,
  adminPassword: 'admin-pass',
  jwtSecret: 'jwt-secret',
  // DPoP nonces survive a restart too: without it every client meets a second nonce round trip
  dpopSecret: Buffer.alloc(32, 7).toString('hex'),
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  disableSsrfProtection: true,
  rateLimitsEnabled: process.env.RATE_LIMITS === '1',
  bskyAppViewUrl: 'https://appview.invalid',
  bskyAppViewDid: 'did:example:invalid',
  modServiceUrl: 'https://moderator.invalid',
  modServiceDid: 'did:example:invalid',
})
await pds.start()

let stopping = false
async function stop() {
  if (stopping) return
  stopping = true
  await Promise.allSettled([pds.destroy(), plc.destroy()])
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
if (process.env.STOP_WITH_STDIN === '1') {
  process.stdin.on('end', stop).resume()
}

console.log(`READY ${JSON.stringify({ pds: `http://localhost:${pdsPort}`, plc: `http://localhost:${plcPort}` })}`)
