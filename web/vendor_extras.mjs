// What the editor uses of packages that ship no plain script.
import { CreateAppendAnythingModule } from "bpmn-js-create-append-anything";

window.AlurExtras = { CreateAppendAnythingModule };
