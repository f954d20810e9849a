/** `C.0123456789abcdef` is what Velociraptor calls a client by, never the name of a host. */
export const isClientId = (text: string): boolean => /^C\.[0-9a-f]{6,}/i.test(text)
