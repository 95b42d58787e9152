/** The version that explanations name as their maker; a test keeps it equal to package.json's. */
export const version = '0.1.0'
