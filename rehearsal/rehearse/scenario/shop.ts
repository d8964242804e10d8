export class ShopScenario {
  constructor() {
    throw new Error('not there yet');
  }
}
