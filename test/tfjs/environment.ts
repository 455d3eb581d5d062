/** Jasmine, whose globals must be there before a test file is loaded. */
import jasmineCore from 'jasmine-core';

export const environment = jasmineCore.boot().getEnv();
// The suite has specs of the same name, and specs that rely on those before them.
environment.configure({ random: false, forbidDuplicateNames: false, specFilter: () => true });
