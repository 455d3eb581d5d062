/** How the library's objects are printed; imported for its effect. */
import './data';
import './distributions';
import './models';
