/** First words of company names. */
export const COMPANY_FIRST =
  'Amber,Birchwood,Bright Path,Cedar,Copper Lane,Driftwood,Elm Street,Fern,Foxglove,Golden Hour,Harbour,Hazel,Indigo,Juniper,Kestrel,Lantern,Larkspur,Little Bear,Lowland,Maple,Meridian,Moss,North Pier,Oak & Ivy,Old Mill,Orchard,Otter,Paper Crane,Pebble,Poppy,Quarry,Red Kite,Riverside,Rowan,Saltmarsh,Silver Birch,Slow Tide,Sparrow,Stone Bridge,Sunny Side,Thistle,Tidal,Upland,Velvet,Wander,Wild Thyme,Willow,Windmill,Yellow Door,Zephyr'.split(
    ',',
  )

/** What the companies are: places that take appointments. `name:industry`. */
export const COMPANY_KIND =
  'Yoga:Fitness,Pilates Studio:Fitness,Hair & Beauty:Beauty,Dental:Health,Physio:Health,Music School:Education,Language School:Education,Tutors:Education,Pottery:Crafts,Dance Academy:Arts,Photography:Arts,Dog Grooming:Pets,Veterinary Clinic:Pets,Massage:Wellness,Spa:Wellness,Climbing Hall:Sports,Swim School:Sports,Cycle Workshop:Repair,Car Detailing:Repair,Osteopathy:Health,Barbers:Beauty,Nail Bar:Beauty,Guest House:Hospitality,Cooking School:Hospitality'.split(
    ',',
  )

/** Mail providers of people without a company domain; `.example` is reserved, so nobody real is written to. */
export const MAIL_DOMAINS = ['mailbox.example', 'postfach.example', 'inbox.example', 'courriel.example']
