/** The version of the product, as replies and the web app show it. */
export const version = '0.1.0'
