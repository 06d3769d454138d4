// The PLC directory keeps identities either in PostgreSQL or in memory. The tests restart it and expect
// every identity to be there still, so the in-memory database gets a journal: each accepted operation is one
// line of JSON, and a start replays them through the same validation that accepted them.
import fs from 'node:fs'
import path from 'node:path'
import plcServer from '@did-plc/server'

export async function openPlcStore(directory) {
  const journal = path.join(directory, 'plc.jsonl')
  const database = plcServer.Database.mock()
  const accept = database.validateAndAddOp.bind(database)

  const lines = fs.existsSync(journal) ? fs.readFileSync(journal, 'utf8').split('\n') : []
  for (const line of lines) {
    if (line === '') continue
    const { did, operation } = JSON.parse(line)
    await accept(did, operation)
  }

  database.validateAndAddOp = async (did, operation) => {
    await accept(did, operation)
    fs.appendFileSync(journal, `${JSON.stringify({ did, operation })}\n`)
  }
  return database
}
