document.body.append('The studio is on its way.')
