const [command, body, count, done] = arguments
;(async () => {
  const took = []
  for (let i = 0; i < count; i++) {
    const begun = performance.now()
    await window.__TAURI_INTERNALS__.invoke(command, { body, caller: 1 })
    took.push(performance.now() - begun)
  }
  done({ took })
})().catch((error) => done({ error: String(error) }))
