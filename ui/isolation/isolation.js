// Runs in a sandboxed frame of its own, between the interface and the program. Every message passes here before it is
// encrypted for the program, so that code which got into the interface by mistake can send nothing but well-formed calls
// of bounded size. It is the second fence: each command checks its own input in Rust, and the capabilities say who may call.
;(() => {
  // an imported image is the largest call: 30 MB, in base64
  const LONGEST = 42 * 1024 * 1024
  const DEEPEST = 32
  // our own commands are plain names; plugins are `plugin:name|command`
  const COMMAND = /^(?:[A-Za-z][A-Za-z0-9_.]{0,63}|plugin:[a-z][a-z0-9-]{0,31}\|[a-z][a-z0-9_]{0,63})$/
  // no handler has this name, so the program answers with an error and the caller is not left waiting
  const REFUSED = 'refused_by_isolation'
  const FIELDS = new Set(['cmd', 'callback', 'error', 'payload', 'options', '__TAURI_INVOKE_KEY__'])

  const refuse = (why) => {
    throw new TypeError(`The interface sent a call that was refused: ${why}`)
  }

  const measure = (value, depth) => {
    if (depth > DEEPEST) refuse('nested too deeply')
    switch (typeof value) {
      case 'undefined':
      case 'boolean':
        return 1
      case 'string':
        return value.length
      case 'number':
        if (!Number.isFinite(value)) refuse('a number that is not finite')
        return 8
      case 'object': {
        if (value === null) return 1
        if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength
        const parts = value instanceof Map ? [...value] : Array.isArray(value) ? value : Object.entries(value)
        let size = 0
        for (const part of parts) {
          size += measure(part, depth + 1)
          if (size > LONGEST) refuse('too large')
        }
        return size
      }
      default:
        return refuse(`a value of type ${typeof value}`)
    }
  }

  const check = (message) => {
    for (const field of Object.keys(message)) {
      if (!FIELDS.has(field)) refuse('an unknown field')
    }
    if (typeof message.cmd !== 'string' || !COMMAND.test(message.cmd)) refuse('not the name of a command')
    if (measure(message.payload, 0) + measure(message.options, 0) > LONGEST) refuse('too large')
  }

  window.__TAURI_ISOLATION_HOOK__ = (message) => {
    try {
      check(message)
      return message
    } catch (error) {
      console.error(error)
      return { cmd: REFUSED, callback: message.callback, error: message.error, payload: {} }
    }
  }
})()
