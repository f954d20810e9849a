/** Addresses without the name of their owner: enough to see what is wrong with a delivery, and fit for a log. */
export const maskAddresses = (text: string): string => text.replaceAll(/([\p{L}\p{N}])[^\s<>"@]*@/gu, '$1…@')
