/** Tags of the image pixel module and what belongs to it, for who does without the dictionary. PS3.3 C.7.6.3. */

/** Samples per Pixel (0028,0002). */
export const samplesPerPixelTag = 0x00280002;
/** Photometric Interpretation (0028,0004). */
export const photometricInterpretationTag = 0x00280004;
/** Planar Configuration (0028,0006). */
export const planarConfigurationTag = 0x00280006;
/** Number of Frames (0028,0008). */
export const numberOfFramesTag = 0x00280008;
/** Rows (0028,0010). */
export const rowsTag = 0x00280010;
/** Columns (0028,0011). */
export const columnsTag = 0x00280011;
/** Bits Allocated (0028,0100). */
export const bitsAllocatedTag = 0x00280100;
/** Bits Stored (0028,0101). */
export const bitsStoredTag = 0x00280101;
/** High Bit (0028,0102). */
export const highBitTag = 0x00280102;
/** Pixel Representation (0028,0103). */
export const pixelRepresentationTag = 0x00280103;
/** Extended Offset Table (7FE0,0001). */
export const extendedOffsetTableTag = 0x7fe00001;
/** Extended Offset Table Lengths (7FE0,0002). */
export const extendedOffsetTableLengthsTag = 0x7fe00002;
/** Encapsulated Pixel Data Value Total Length (7FE0,0003). */
export const encapsulatedTotalLengthTag = 0x7fe00003;
/** Float Pixel Data (7FE0,0008). */
export const floatPixelDataTag = 0x7fe00008;
/** Double Float Pixel Data (7FE0,0009). */
export const doubleFloatPixelDataTag = 0x7fe00009;
