/**
 * An S3 that is not ours, where DENSITY_LENS_TEST_S3 names one: s3://bucket/prefix?endpoint=…&region=…, with the AWS_… keys
 * set. With what a server over it is told; null without.
 */
export function givenS3() {
  const {DENSITY_LENS_TEST_S3: address, AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY = ''} = process.env
  if (!address) return null
  const {host, pathname, searchParams} = new URL(address)
  const place = {
    bucketUrl: `${searchParams.get('endpoint')}/${host}`,
    prefix: `${pathname.slice(1)}/`,
    region: searchParams.get('region') ?? 'us-east-1',
    accessKeyId,
    secretAccessKey: AWS_SECRET_ACCESS_KEY
  }
  const keys = {AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY}
  return {place, environment: {DENSITY_LENS_STORE: address, ...keys}}
}
