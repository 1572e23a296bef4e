/** Our annotation on a document about an image: the image's digest, by which a document left behind is known. */
export const SUBJECT_ANNOTATION = 'dev.oslim.subject';
