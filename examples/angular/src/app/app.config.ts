import {
  inject,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
  provideZonelessChangeDetection,
  type ApplicationConfig,
} from '@angular/core';
import { Journal } from './log/journal';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    // The log's dispatcher goes on from the last timestamp on disk, so that must be known first.
    provideAppInitializer(() => inject(Journal).open()),
  ],
};
