// Ceilings of what a user's program gains by a package, minified and compressed, everything beneath it included. Each has its
// reason beside it; one that is reached is raised together with its reason, in the commit that needs it.

/** For Node: its own modules cost nothing. */
const forNode = { modifyEsbuildConfig: (config) => ({ ...config, platform: 'node' }) };
/** For browsers: whatever is reached counts. */
const forBrowsers = { modifyEsbuildConfig: (config) => ({ ...config, platform: 'browser' }) };

export default [
  {
    name: '@dicomwire/pdu',
    path: '../../packages/pdu/dist/index.js',
    limit: '8 kB', // a page that shows a capture should not notice it: less than a small picture
    gzip: true, // as servers without brotli send it
    ...forBrowsers,
  },
  {
    name: '@dicomwire/pdu, decode alone',
    path: '../../packages/pdu/dist/index.js',
    import: '{ decode }',
    limit: '4 kB', // shows that encoder, stream reader and annotations stay out of what does not use them
    gzip: true,
    ...forBrowsers,
  },
  {
    name: '@dicomwire/ul',
    path: '../../packages/ul/dist/index.js',
    limit: '32 kB', // the codec and the state table, TLS, user identity and policies; a gateway in a container starts within its first read
    ...forNode,
  },
  {
    name: '@dicomwire/dimse/dataset',
    path: '../../packages/dimse/dist/dataset.js',
    limit: '109 kB', // the dictionary of PS3.6, more than 5,000 elements with keywords and names, is most of it; character sets, JSON, dumps, DICOMDIR and pixel data with RLE the rest
    ...forBrowsers,
  },
  {
    name: '@dicomwire/dimse/dataset, elements read without the dictionary',
    path: '../../packages/dimse/dist/dataset.js',
    import: '{ parseElements }',
    limit: '17 kB', // shows that who reads by tag ships neither the dictionary nor what writes; inflating is 2 kB of it
    gzip: true, // as servers without brotli send it
    ...forBrowsers,
  },
  {
    name: '@dicomwire/dimse/dataset, elements without the dictionary',
    path: '../../packages/dimse/dist/dataset.js',
    import: '{ parseElements, encodeDataSet }',
    limit: '22 kB', // wanted are 20; deflating both ways takes 4.4, the rules for values that are set 1
    gzip: true,
    ...forBrowsers,
  },
  {
    name: '@dicomwire/dimse/dataset, parsed by tag',
    path: '../../packages/dimse/dist/dataset.js',
    import: '{ parseDataSet }',
    limit: '60 kB', // the VR of each tag, which implicit VR needs, without the names of elements
    ...forBrowsers,
  },
  {
    name: '@dicomwire/dimse',
    path: '../../packages/dimse/dist/index.js',
    limit: '114 kB', // the data set with its dictionary, formats and pixel data, messages, sessions with interceptors, statuses of every service, the layers beneath
    ...forNode,
  },
  {
    name: '@dicomwire/services',
    path: '../../packages/services/dist/index.js',
    limit: '180 kB', // every service class in both roles, on everything beneath; on a server it is disk space, and the ceiling is there to notice a dependency that slips in
    ...forNode,
  },
];
